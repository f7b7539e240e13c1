package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever is done to a token, it is accepted in its own form or not at all. */
class TokenMutationTest {
    private static final int ROUNDS = 20_000;
    private static final int JSON_ROUNDS = 3_000;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String FOREIGN = ".=+/ \n\t\u0000\u00e9\u20ac";

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);
    private final TokenVerifier verifier = new TokenVerifier(
            new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, 100), issuer.trust(), clock);

    @Test
    void neverAcceptsAMutatedToken() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("TokenMutationTest: repeat with -Dseed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> originals = List.of(
                issuer.accessToken(), issuer.accessTokenOf(TestIssuer.BOB, "bobs"), issuer.serviceToken("demo"));
        assertThat(originals).allMatch(token -> verifier.verify(token) instanceof Verdict.Accepted);

        for (int round = 0; round < ROUNDS; round++) {
            String mutated = mutate(originals, random);
            if (!originals.contains(mutated)) {
                assertThat(verifier.verify(mutated))
                        .as("seed %d: %s", seed, mutated)
                        .isInstanceOf(Verdict.Refused.class);
            }
        }

        assertThat(cacheSize()).isEqualTo(originals.size());
    }

    /** Mutates below the encoding, and signs: what remains is the parser alone, which must judge and never throw. */
    @Test
    void judgesWhateverJsonIsSigned() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("TokenMutationTest: repeat with -Dseed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String payload = new Base64URL(issuer.accessToken().split("\\.")[1]).decodeToString();
        String[] pieces = {
            "null", "{", "}", "[", "]", "\"", ":", ",", "1e999", "-1", "true", "\\u0000", "\ud800", "9".repeat(40), ""
        };

        int accepted = 0;
        for (int round = 0; round < JSON_ROUNDS; round++) {
            StringBuilder json = new StringBuilder(payload);
            int at = random.nextInt(json.length());
            int until = Math.min(json.length(), at + random.nextInt(12));
            json.replace(at, until, pieces[random.nextInt(pieces.length)]);

            Verdict verdict = verifier.verify(issuer.signRaw(json.toString()));

            assertThat(verdict).as("seed %d: %s", seed, json).isNotInstanceOf(Verdict.Unknown.class);
            accepted += verdict instanceof Verdict.Accepted ? 1 : 0;
        }

        assertThat(accepted)
                .as("a change inside a value may leave a valid token")
                .isBetween(1, JSON_ROUNDS / 2);
    }

    private static String mutate(List<String> originals, SplittableRandom random) {
        StringBuilder token = new StringBuilder(originals.get(random.nextInt(originals.size())));
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
            if (token.isEmpty()) {
                return "";
            }
            int at = random.nextInt(token.length());
            switch (random.nextInt(7)) {
                case 0 -> token.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> token.setCharAt(at, FOREIGN.charAt(random.nextInt(FOREIGN.length())));
                case 2 -> token.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 3 -> token.deleteCharAt(at);
                case 4 -> token.setLength(at);
                case 5 -> token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                default -> token = new StringBuilder(splice(token.toString(), originals, random));
            }
        }
        return token.toString();
    }

    /** Parts of two good tokens put together: each part is genuine, the whole is not. */
    private static String splice(String token, List<String> originals, SplittableRandom random) {
        List<String> parts = new ArrayList<>(List.of(token.split("\\.", -1)));
        String[] other = originals.get(random.nextInt(originals.size())).split("\\.");
        int at = random.nextInt(parts.size());
        parts.set(at, other[Math.min(at, other.length - 1)]);
        return String.join(".", parts);
    }

    private long cacheSize() {
        verifier.tidy();
        return verifier.cacheSize();
    }
}
