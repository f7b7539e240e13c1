package dev.firebreak.starter.pool;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * The driver's own check of the server's name. It is asked, with {@code verify-full} only, when the handshake is over, which
 * ends the TLS step; with weaker modes that step counts as part of authentication. Public, with a public constructor,
 * because the driver makes it.
 */
public final class MeasuredHostname implements HostnameVerifier {
    @Override
    public boolean verify(String host, SSLSession session) {
        ConnectSteps.tlsEnded();
        return PGjdbcHostnameVerifier.INSTANCE.verify(host, session);
    }
}
