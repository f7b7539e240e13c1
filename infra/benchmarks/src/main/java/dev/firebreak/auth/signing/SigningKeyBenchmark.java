package dev.firebreak.auth.signing;

import dev.firebreak.auth.sealing.KeyWrapper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What {@link TokenSigner} asks of its memory for each token, without the signature: was the key table read lately enough,
 * and may the key that is active sign now.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // set by the set-up
public class SigningKeyBenchmark {
    /** As long as a benchmark runs, which reads the table once. */
    private static final Duration LEASE = Duration.ofHours(1);

    private final InstantSource clock = InstantSource.system();
    private TokenSigner signer;

    @Setup
    public void read() {
        KeyVault vault = new KeyVault(new Unsealed());
        KeyVault.Fresh key = vault.generate(SigningAlgorithm.ES256);
        SigningKeyRepository.Rows rows = new SigningKeyRepository.Rows(
                UUID.randomUUID(),
                1,
                List.of(new SigningKeyRepository.Row(
                        key.kid(),
                        KeyState.ACTIVE,
                        key.algorithm(),
                        key.publicJwk(),
                        key.sealedPrivate(),
                        key.wrappingKeyId(),
                        clock.instant(),
                        clock.instant().plus(LEASE))),
                false);
        SigningKeys keys = new SigningKeys(() -> rows, vault, () -> false, () -> LEASE, clock);
        keys.refresh();
        signer = new TokenSigner(keys, LEASE, clock);
        if (!(activeKey() instanceof ActiveKey active) || !active.kid().equals(key.kid())) {
            throw new IllegalStateException("The key may sign");
        }
    }

    @Benchmark
    public Object activeKey() {
        return signer.activeKey();
    }

    /** Keys are opened once a rotation, which is not measured. */
    private static final class Unsealed implements KeyWrapper {
        @Override
        public Sealed wrap(byte[] secret, Place place) {
            return new Sealed("none", secret.clone());
        }

        @Override
        public byte[] unwrap(String keyId, byte[] sealed, Place place) {
            return sealed.clone();
        }
    }
}
