package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire form of the trust feed, byte by byte. */
class TrustAnswerJsonTest {
    private static final Instant AS_OF = Instant.parse("2026-11-02T08:00:00.123456Z");

    private static final TrustAnswer ANSWER = new TrustAnswer(
            TrustAnswers.EPOCH,
            AS_OF,
            3,
            List.of(new PublishedKey("k1", "active", Map.of("kty", "EC"))),
            7,
            true,
            List.of(
                    new Revocation(Revocation.Kind.SID, "s1", null, Instant.parse("2026-11-02T08:16:00Z")),
                    new Revocation(
                            Revocation.Kind.SUB,
                            "u1",
                            Instant.parse("2026-11-02T07:59:00Z"),
                            Instant.parse("2026-11-02T08:15:30Z"))));

    private static final String JSON = "{\"epoch\":\"11111111-1111-4111-8111-111111111111\","
            + "\"as_of\":\"2026-11-02T08:00:00.123456Z\",\"keys_version\":3,"
            + "\"keys\":[{\"kid\":\"k1\",\"state\":\"active\",\"jwk\":{\"kty\":\"EC\"}}],"
            + "\"cursor\":7,\"full\":true,\"revocations\":["
            + "{\"kind\":\"sid\",\"value\":\"s1\",\"until\":\"2026-11-02T08:16:00Z\"},"
            + "{\"kind\":\"sub\",\"value\":\"u1\",\"issued_before\":\"2026-11-02T07:59:00Z\","
            + "\"until\":\"2026-11-02T08:15:30Z\"}]}";

    @Test
    void writesTheContractsForm() {
        assertThat(TrustAnswerJson.write(ANSWER)).isEqualTo(JSON);
    }

    @Test
    void readsWhatItWrites() throws ParseException {
        assertThat(TrustAnswerJson.parse(JSON)).isEqualTo(ANSWER);
    }

    @Test
    void unchangedKeysAreAbsent() throws ParseException {
        TrustAnswer unchanged = TrustAnswers.delta(AS_OF, 3, 7);
        String json = TrustAnswerJson.write(unchanged);

        assertThat(json).doesNotContain("\"keys\"").contains("\"revocations\":[]");
        assertThat(TrustAnswerJson.parse(json)).isEqualTo(unchanged);
        assertThat(TrustAnswerJson.parse(json.replace("\"cursor\"", "\"keys\":null,\"cursor\"")))
                .isEqualTo(unchanged);
    }

    @Test
    void ignoresMembersOfALaterVersion() throws ParseException {
        assertThat(TrustAnswerJson.parse(JSON.replace("\"cursor\"", "\"hold_ms\":2000,\"cursor\"")))
                .isEqualTo(ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"x\"", "{", "<html>", "{}"})
    void refusesWhatIsNoAnswer(String text) {
        assertThatExceptionOfType(ParseException.class).isThrownBy(() -> TrustAnswerJson.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"11111111-1111-4111-8111-111111111111\" | \"x\" | epoch",
                "\"2026-11-02T08:00:00.123456Z\" | \"yesterday\" | as_of",
                "\"2026-11-02T08:00:00.123456Z\" | 1793520000 | as_of",
                "\"keys_version\":3 | \"keys_version\":\"3\" | keys_version",
                "\"keys_version\":3 | \"keys_version\":3.5 | keys_version",
                "\"keys_version\":3 | \"keys_version\":-1 | keys_version",
                "\"cursor\":7 | \"cursor\":1e30 | cursor",
                "\"full\":true | \"full\":\"true\" | full",
                "\"keys\":[ | \"keys\":[7, | keys",
                "{\"kty\":\"EC\"} | [] | jwk",
                "{\"kty\":\"EC\"} | {\"kty\":7} | jwk",
                "\"kid\":\"k1\" | \"kid\":\"\" | kid",
                "\"kind\":\"sid\" | \"kind\":\"device\" | kind",
                "\"value\":\"s1\" | \"value\":null | value",
                "\"until\":\"2026-11-02T08:16:00Z\" | \"until\":\"\" | until",
                "\"issued_before\":\"2026-11-02T07:59:00Z\" | \"issued_before\":5 | issued_before",
            })
    void refusesAWrongMemberByItsNameWithoutItsValue(String right, String wrong, String member) {
        assertThat(JSON).contains(right);

        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> TrustAnswerJson.parse(JSON.replace(right, wrong)))
                .withMessage("Missing or wrong member: " + member);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "k", "p"})
    void refusesAPrivateKey(String member) {
        String leak = JSON.replace("{\"kty\":\"EC\"}", "{\"kty\":\"EC\",\"" + member + "\":\"c2VjcmV0\"}");

        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> TrustAnswerJson.parse(leak))
                .withMessageNotContaining("c2VjcmV0");
    }
}
