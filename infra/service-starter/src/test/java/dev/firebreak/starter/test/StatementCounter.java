package dev.firebreak.starter.test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Counts what reaches a database: connections taken and statements executed. Make it a bean of a test's configuration
 * and every {@link DataSource} bean is counted.
 */
public final class StatementCounter implements BeanPostProcessor {
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    private final AtomicReference<SQLException> failure = new AtomicReference<>();

    /** The next statement fails with this instead of reaching the database. */
    public void failNext(SQLException exception) {
        failure.set(exception);
    }

    /** Forgets what was counted. */
    public void reset() {
        connections.set(0);
        statements.clear();
    }

    /** Connections taken since the last reset. */
    public int connections() {
        return connections.get();
    }

    /** SQL of each execution since the last reset, in order. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof DataSource source ? counting(source) : bean;
    }

    /** The same data source, counted. */
    public DataSource counting(DataSource source) {
        return new DelegatingDataSource(source) {
            @Override
            public Connection getConnection() throws SQLException {
                connections.incrementAndGet();
                return counted(super.getConnection());
            }
        };
    }

    private Connection counted(Connection connection) {
        return proxy(Connection.class, connection, (method, args, result) -> switch (result) {
            case PreparedStatement statement -> counted(statement, String.valueOf(args[0]));
            case Statement statement -> counted(statement, "");
            case null, default -> result;
        });
    }

    private Statement counted(Statement statement, String sql) {
        Class<? extends Statement> type = statement instanceof CallableStatement
                ? CallableStatement.class
                : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return proxy(type, statement, (method, args, result) -> {
            if (method.startsWith("execute")) {
                statements.add(args.length > 0 && args[0] instanceof String given ? given : sql);
            }
            return result;
        });
    }

    private interface After {
        Object result(String method, Object[] args, Object result) throws SQLException;
    }

    private <T> T proxy(Class<? extends T> type, T target, After after) {
        Object proxy = Proxy.newProxyInstance(
                StatementCounter.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    Object[] args = given == null ? new Object[0] : given;
                    try {
                        if (target instanceof Statement && method.getName().startsWith("execute")) {
                            SQLException planned = failure.getAndSet(null);
                            if (planned != null) {
                                throw planned;
                            }
                        }
                        return after.result(method.getName(), args, method.invoke(target, args));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}
