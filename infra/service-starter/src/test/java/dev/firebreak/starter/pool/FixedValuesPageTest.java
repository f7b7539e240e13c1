package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.contracts.capacity.RoleTimeouts;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.Endpoint;
import dev.firebreak.starter.database.PasswordFile;
import dev.firebreak.starter.database.Pooler;
import dev.firebreak.starter.database.PostgresSource;
import dev.firebreak.starter.database.Sslmode;
import dev.firebreak.starter.database.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md gives each fixed value of a pool with its reason, as the pool really is set up. */
class FixedValuesPageTest {
    private static final Path PAGE = Path.of("../../docs/configuration.md");
    /** Name, value, reason. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `((?:hikari|pgjdbc|role|server|gate)\\.[^`]+)` \\| `([^`]+)` \\| (.*) \\|$");

    @Test
    void thePageGivesExactlyTheValuesOfTheCode() throws IOException {
        Map<String, String> code = new TreeMap<>();
        pool(Pooler.NONE, code);
        Map<String, String> behind = new TreeMap<>();
        pool(Pooler.PGBOUNCER, behind);
        behind.entrySet().removeAll(code.entrySet());
        behind.forEach((name, value) -> code.put(name + " behind pgbouncer", value));
        code.put("gate.leak report after", text(LeakWatch.TOO_LONG));
        RoleTimeouts.settings().forEach((name, value) -> code.put("role." + name, text(value)));
        code.put("server.spare connections of a role", String.valueOf(ConnectionBudget.SPARE));
        code.put("server.connections for monitoring", String.valueOf(ConnectionBudget.MONITORING));

        Map<String, String> documented = new TreeMap<>();
        rows().forEach(row -> documented.put(row.group(1), row.group(2)));

        assertThat(documented).isEqualTo(code);
    }

    @Test
    void everyValueHasAReason() throws IOException {
        assertThat(rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.group(3)).as(row.group(1)).hasSizeGreaterThan(20));
    }

    private static void pool(Pooler pooler, Map<String, String> into) {
        Endpoint endpoint = new Endpoint(List.of(new Endpoint.Server("db", 5432)), "tasks", Map.of());
        Database database = new Database(
                endpoint, "app", new PasswordFile(Path.of("none")), new Tls(Sslmode.DISABLE, null), pooler);
        HikariConfig hikari = Pools.settings("tasks", 8, database);
        into.put("hikari.connectionTimeout", millis(hikari.getConnectionTimeout()));
        into.put("hikari.validationTimeout", millis(hikari.getValidationTimeout()));
        into.put("hikari.maxLifetime", millis(hikari.getMaxLifetime()));
        into.put("hikari.keepaliveTime", millis(hikari.getKeepaliveTime()));
        into.put("hikari.initializationFailTimeout", String.valueOf(hikari.getInitializationFailTimeout()));
        PostgresSource driver = Pools.source(database, "node-1");
        into.put("pgjdbc.connectTimeout", text(Duration.ofSeconds(driver.getConnectTimeout())));
        into.put("pgjdbc.loginTimeout", text(Duration.ofSeconds(driver.getLoginTimeout())));
        into.put("pgjdbc.socketTimeout", text(Duration.ofSeconds(driver.getSocketTimeout())));
        into.put("pgjdbc.cancelSignalTimeout", text(Duration.ofSeconds(driver.getCancelSignalTimeout())));
        into.put("pgjdbc.tcpKeepAlive", String.valueOf(driver.getTcpKeepAlive()));
        into.put("pgjdbc.gssEncMode", driver.getGssEncMode());
        into.put("pgjdbc.logServerErrorDetail", String.valueOf(driver.getLogServerErrorDetail()));
        into.put("pgjdbc.prepareThreshold", String.valueOf(driver.getPrepareThreshold()));
        into.put("pgjdbc.preparedStatementCacheQueries", String.valueOf(driver.getPreparedStatementCacheQueries()));
        into.put("pgjdbc.preparedStatementCacheSizeMiB", String.valueOf(driver.getPreparedStatementCacheSizeMiB()));
    }

    private static String millis(long millis) {
        return text(Duration.ofMillis(millis));
    }

    /** As the page writes durations: {@code 500ms}, {@code 5s}, {@code 15m}. */
    private static String text(Duration value) {
        if (value.toMillis() % 1000 != 0) {
            return value.toMillis() + "ms";
        }
        return value.toSeconds() > 60 && value.toSeconds() % 60 == 0
                ? value.toMinutes() + "m"
                : value.toSeconds() + "s";
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().toList();
    }
}
