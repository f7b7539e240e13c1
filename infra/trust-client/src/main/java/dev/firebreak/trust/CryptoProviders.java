package dev.firebreak.trust;

import java.lang.reflect.InvocationTargetException;
import java.security.Provider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses who computes elliptic curves: Amazon Corretto Crypto Provider where its native part loads, because it verifies
 * ES256 about four times as fast, the JDK elsewhere. Never installed for the whole JVM: the rest of the process keeps the
 * JDK's providers. Decided and logged once.
 */
public final class CryptoProviders {
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private CryptoProviders() {}

    /** The fast provider, absent where the JDK's own must serve. Reads the native library at the first call. */
    public static Optional<Provider> fast() {
        return Holder.FAST;
    }

    private static final class Holder {
        private static final Logger LOG = LoggerFactory.getLogger(CryptoProviders.class);
        private static final Optional<Provider> FAST = load();

        private static Optional<Provider> load() {
            try {
                Class<?> type = Class.forName(CORRETTO);
                Provider provider = (Provider) type.getField("INSTANCE").get(null);
                // Throws unless the native part is there and has passed its own tests.
                type.getMethod("assertHealthy").invoke(provider);
                LOG.info("ES256 by {} {}", provider.getName(), provider.getVersionStr());
                return Optional.of(provider);
            } catch (InvocationTargetException e) {
                LOG.info("ES256 by the JDK: {} does not work here: {}", CORRETTO, String.valueOf(e.getCause()));
            } catch (ReflectiveOperationException | LinkageError e) {
                LOG.info("ES256 by the JDK: {} does not load here: {}", CORRETTO, e.toString());
            }
            return Optional.empty();
        }
    }
}
