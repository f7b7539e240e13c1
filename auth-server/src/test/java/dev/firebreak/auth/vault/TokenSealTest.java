package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSealTest {
    static final String TOKEN = "ya29.very-secret-token";

    final TokenSeal seal = new TokenSeal(FileKeyWrapper.load(new TestDeployment().wrappingKeyFile()));
    final UUID row = UUID.randomUUID();
    final UUID user = UUID.randomUUID();

    @Test
    void opensWhatItSealedInItsPlaceOnly() {
        Place place = Place.accessToken(row, user, GoogleService.CALENDAR, 3);
        SealedToken sealed = seal.seal(TOKEN, place);

        assertThat(seal.open(sealed, place)).isEqualTo(TOKEN);
        refused(sealed, "another row", Place.accessToken(UUID.randomUUID(), user, GoogleService.CALENDAR, 3));
        refused(sealed, "another user", Place.accessToken(row, UUID.randomUUID(), GoogleService.CALENDAR, 3));
        refused(sealed, "another service", Place.accessToken(row, user, GoogleService.DRIVE, 3));
        refused(sealed, "an older version", Place.accessToken(row, user, GoogleService.CALENDAR, 2));
        refused(sealed, "another table", Place.refreshToken(row, user, 3));
        refused(
                sealed,
                "another column of the row",
                new Place(TokenSeal.TOKEN_KEYS, "scope", row, user, GoogleService.CALENDAR.wireName(), 3));
    }

    @Test
    void opensNoTokenUnderAnotherTokensKeyAndNoChangedOne() {
        Place place = Place.accessToken(row, user, GoogleService.CALENDAR, 3);
        SealedToken sealed = seal.seal(TOKEN, place);
        SealedToken other = seal.seal(TOKEN, place);
        byte[] changed = sealed.value().clone();
        changed[changed.length - 1] ^= 1;

        refused(new SealedToken(sealed.value(), other.dataKey(), other.wrappingKeyId()), "another key", place);
        refused(new SealedToken(changed, sealed.dataKey(), sealed.wrappingKeyId()), "changed", place);
        refused(new SealedToken(new byte[5], sealed.dataKey(), sealed.wrappingKeyId()), "cut", place);
        assertThat(sealed.value()).as("each has a key of its own").isNotEqualTo(other.value());
    }

    @Test
    void opensAfterItsDataKeyWasPutUnderAnotherKeyEncryptionKey(@TempDir Path folder) throws IOException {
        String before = key('a');
        String after = key('b');
        Place place = Place.accessToken(row, user, GoogleService.CALENDAR, 3);
        SealedToken sealed = new TokenSeal(wrapper(folder, before)).seal(TOKEN, place);
        FileKeyWrapper both = wrapper(folder, after, before);
        // What the re-wrap knows of the column.
        KeyWrapper.Place ofKey = TokenSeal.TOKEN_KEYS.place(row.toString());

        KeyWrapper.Sealed rewrapped = both.wrap(both.unwrap(sealed.wrappingKeyId(), sealed.dataKey(), ofKey), ofKey);

        assertThat(new TokenSeal(wrapper(folder, after))
                        .open(new SealedToken(sealed.value(), rewrapped.value(), rewrapped.keyId()), place))
                .isEqualTo(TOKEN);
        assertThat(rewrapped.keyId()).isNotEqualTo(sealed.wrappingKeyId());
    }

    private static String key(char letter) {
        byte[] key = new byte[32];
        key[0] = (byte) letter;
        return Base64.getEncoder().encodeToString(key);
    }

    private static FileKeyWrapper wrapper(Path folder, String... keys) throws IOException {
        Path file = Files.createTempFile(folder, "kek", ".key");
        Files.writeString(file, String.join("\n", keys));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return FileKeyWrapper.load(file);
    }

    @Test
    void showsNothingInItsText() {
        SealedToken sealed = seal.seal(TOKEN, Place.refreshToken(row, user, 1));

        assertThat(sealed.toString()).doesNotContain(TOKEN).isEqualTo("SealedToken[" + sealed.wrappingKeyId() + "]");
    }

    private void refused(SealedToken sealed, String as, Place elsewhere) {
        assertThatIllegalStateException().as(as).isThrownBy(() -> seal.open(sealed, elsewhere));
    }
}
