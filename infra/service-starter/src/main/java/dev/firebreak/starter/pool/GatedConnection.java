package dev.firebreak.starter.pool;

import dev.firebreak.starter.gate.Permit;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A connection that gives its permit back when it is closed: after the connection, so that the next one finds it. */
final class GatedConnection implements InvocationHandler {
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
            case "close", "abort" -> {
                try {
                    yield call(method, args);
                } finally {
                    permit.release();
                }
            }
            default -> call(method, args);
        };
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
