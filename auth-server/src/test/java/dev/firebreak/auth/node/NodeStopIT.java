package dev.firebreak.auth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.TestServer;
import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A whole server, as it comes and goes. */
class NodeStopIT {
    @Test
    void aServerReportsItsRingsAndSignsOffWhenItStops() {
        JdbcClient outside;
        try (TestServer server = new TestServer(2)) {
            JdbcClient inside = server.bean(JdbcClient.class);
            outside = JdbcClient.create(new DriverManagerDataSource(
                    inside.sql(
                                    "SELECT 'jdbc:postgresql://127.0.0.1:' || inet_server_port() || '/' || current_database()")
                            .query(String.class)
                            .single(),
                    "postgres",
                    "postgres"));
            Eventually.within(
                    Duration.ofSeconds(20),
                    "both rings are reported",
                    () -> rows(inside, "cardinality(wrapping_keys) = 1 AND cardinality(refresh_mac_keys) = 1")
                            .equals(List.of("auth-server-1")));
        }

        assertThat(rows(outside, "true")).isEmpty();
    }

    private static List<String> rows(JdbcClient jdbc, String condition) {
        return jdbc.sql("SELECT name FROM auth_node WHERE " + condition)
                .query(String.class)
                .list();
    }
}
