package dev.firebreak.starter.pool;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/**
 * The driver's own factory of encrypted sockets, which tells when the TLS step begins. Public, with a public constructor,
 * because the driver makes it.
 */
public final class MeasuredTls extends LibPQFactory {
    /** As the driver calls it, with the connection's properties. */
    public MeasuredTls(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        ConnectSteps.tlsBegins();
        return super.createSocket(plain, host, port, autoClose);
    }
}
