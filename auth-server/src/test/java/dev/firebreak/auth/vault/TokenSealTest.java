package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import java.util.UUID;
import org.junit.jupiter.api.Test;

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
    void showsNothingInItsText() {
        SealedToken sealed = seal.seal(TOKEN, Place.refreshToken(row, user, 1));

        assertThat(sealed.toString()).doesNotContain(TOKEN).isEqualTo("SealedToken[" + sealed.wrappingKeyId() + "]");
    }

    private void refused(SealedToken sealed, String as, Place elsewhere) {
        assertThatIllegalStateException().as(as).isThrownBy(() -> seal.open(sealed, elsewhere));
    }
}
