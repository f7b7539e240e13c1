package dev.firebreak.cli.oauth;

import dev.firebreak.stack.layout.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokens of {@code login}, in one 0600 file. Those for operators' endpoints have a file of their own, as they are good
 * for nothing else.
 */
public record StoredTokens(Path folder, String name) {
    /** Of a sign-in for the API. */
    public static StoredTokens ofUser(Path folder) {
        return new StoredTokens(folder, "tokens.json");
    }

    /** Of a sign-in for operators' endpoints. */
    public static StoredTokens ofOperator(Path folder) {
        return new StoredTokens(folder, "operator-tokens.json");
    }

    private static final JsonMapper JSON = new JsonMapper();

    public void save(Tokens tokens) {
        String json = JSON.createObjectNode()
                .put("access_token", tokens.accessToken())
                .put("refresh_token", tokens.refreshToken())
                .put("expires_at", tokens.expiresAt().toString())
                .toString();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            AtomicFile.write(file(), json + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file(), e);
        }
    }

    /** Empty when nobody signed in, or what is there cannot be read as tokens. */
    public Optional<Tokens> load() {
        try {
            JsonNode json = JSON.readTree(Files.readString(file()));
            return Optional.of(new Tokens(
                    json.path("access_token").asString(""),
                    json.path("refresh_token").asString(null),
                    Instant.parse(json.path("expires_at").asString(""))));
        } catch (NoSuchFileException | JacksonException | DateTimeParseException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(), e);
        }
    }

    public Path file() {
        return folder.resolve(name);
    }
}
