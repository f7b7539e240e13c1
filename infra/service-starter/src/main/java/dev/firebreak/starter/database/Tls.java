package dev.firebreak.starter.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Encryption of a connection, said once and without contradiction.
 *
 * @param rootCert CA certificates in PEM, read again for each new connection, so that a new CA needs no restart; present
 *     exactly if the mode verifies
 */
public record Tls(Sslmode mode, @Nullable Path rootCert) {
    /**
     * What the keys {@code sslmode} and {@code ssl-root-cert} say.
     *
     * @param fallback mode if none is said; null where it has to be said
     * @throws IllegalArgumentException with a sentence that begins with the key
     */
    public static Tls of(@Nullable Sslmode said, @Nullable Path rootCert, @Nullable Sslmode fallback) {
        Sslmode mode = said == null ? fallback : said;
        if (mode == null) {
            throw new IllegalArgumentException(
                    "sslmode is missing: outside the local profile say verify-full, or another mode on purpose");
        }
        if (mode.verifies() && rootCert == null) {
            throw new IllegalArgumentException("ssl-root-cert is missing: sslmode " + mode.word()
                    + " needs the file with the CA certificates that signed the server's");
        }
        if (!mode.verifies() && rootCert != null) {
            throw new IllegalArgumentException("ssl-root-cert is set but sslmode " + mode.word()
                    + " verifies nothing: say verify-full, or drop the file");
        }
        return new Tls(mode, rootCert);
    }
}
