package dev.firebreak.starter.google;

import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.starter.authn.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Whose Google token is asked for, and by what right. Made of a request as a whole, so that nobody's token is ever asked for
 * under another one's name. Shows no secret in its text form. Immutable.
 */
public final class VaultUser {
    private static final int SCHEME = "Bearer ".length();

    private final UUID id;
    private final @Nullable String accessToken;
    private final boolean mayAsk;

    private VaultUser(UUID id, @Nullable String accessToken, boolean mayAsk) {
        this.id = id;
        this.accessToken = accessToken;
        this.mayAsk = mayAsk;
    }

    /**
     * The user who sent this request under {@code /api/}; their access token needs {@code google:token}.
     *
     * @throws dev.firebreak.contracts.error.ServiceException {@code auth.user_required} if the caller is a service
     */
    public static VaultUser present(HttpServletRequest request) {
        Caller caller = Caller.of(request)
                .orElseThrow(() -> new IllegalStateException("Outside /api/ nobody was authenticated"));
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || header.length() <= SCHEME) {
            throw new IllegalStateException("Somebody was authenticated without a bearer token");
        }
        return new VaultUser(
                caller.userId(),
                header.substring(SCHEME).strip(),
                caller.scopes().contains(Scopes.GOOGLE_TOKEN));
    }

    /** A user who is not there: only for clients whose policy says {@code offline}, and users who switched it on. */
    public static VaultUser background(UUID id) {
        return new VaultUser(id, null, true);
    }

    /** The user. */
    public UUID id() {
        return id;
    }

    /** Whether their own access token proves that they are there. */
    public boolean isPresent() {
        return accessToken != null;
    }

    /** False if it is known without asking that the vault will refuse. */
    boolean mayAsk() {
        return mayAsk;
    }

    /** What proves it; their id where nothing does. */
    String subjectToken() {
        return accessToken != null ? accessToken : id.toString();
    }

    @Override
    public String toString() {
        return "VaultUser[%s, %s]".formatted(id, isPresent() ? "present" : "background");
    }
}
