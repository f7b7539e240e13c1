package dev.firebreak.starter.pool;

import dev.firebreak.starter.gate.Permit;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that gives its permit back when it is closed: after the connection, so that the next one finds it. */
final class GatedConnection implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(GatedConnection.class);

    private final Connection connection;
    private final Permit permit;

    private GatedConnection(Connection connection, Permit permit) {
        this.connection = connection;
        this.permit = permit;
    }

    static Connection of(Connection connection, Permit permit) {
        return (Connection) Proxy.newProxyInstance(
                GatedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GatedConnection(connection, permit));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given) throws Throwable {
        Object[] args = given == null ? new Object[0] : given;
        return switch (method.getName()) {
            case "equals" -> self == args[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> permit.pool() + ": " + connection;
            case "isWrapperFor" -> isInstance(args[0], self) || connection.isWrapperFor((Class<?>) args[0]);
            case "unwrap" -> isInstance(args[0], self) ? self : connection.unwrap((Class<?>) args[0]);
            case "close" -> closing(method, args);
            case "abort" -> aborting(method, args);
            default -> call(method, args);
        };
    }

    private @Nullable Object closing(Method method, Object[] args) throws Throwable {
        try {
            return call(method, args);
        } finally {
            permit.release();
        }
    }

    /** The pool learns of it only by the failure of a close. */
    private @Nullable Object aborting(Method method, Object[] args) throws Throwable {
        try {
            return call(method, args);
        } finally {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("An aborted connection was given back", e);
            }
            permit.release();
        }
    }

    private static boolean isInstance(Object type, Object self) {
        return ((Class<?>) type).isInstance(self);
    }

    private @Nullable Object call(Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(connection, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? new SQLException(e) : e.getCause();
        }
    }
}
