package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.SecureCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool whose connections are encrypted, to a cluster with TLS and scram. */
class EncryptedPoolIT {
    @Test
    void tellsHowLongEachStepOfOpeningTook(@TempDir Path folder) throws Exception {
        try (SecureCluster cluster = SecureCluster.start(folder)) {
            Path password = cluster.role("tasks_app", "p@ss=w0rd#");
            try (TestPools pools = new TestPools(keys(cluster, password, cluster.ca()), true, Duration.ofSeconds(10))) {
                TestPools.use(pools.open("a"));

                for (String step : new String[] {"tcp", "tls", "auth"}) {
                    var timer = pools.metrics
                            .get("firebreak.pool.connect")
                            .tags("pool", "a", "step", step)
                            .timer();
                    assertThat(timer.count()).as(step).isEqualTo(2);
                    assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).as(step).isPositive();
                }
            }
        }
    }

    /** The measuring stands in the way of no check. */
    @Test
    void opensNoConnectionToAServerThatItCannotTrust(@TempDir Path folder) throws Exception {
        try (SecureCluster cluster = SecureCluster.start(folder)) {
            Path password = cluster.role("tasks_app", "p@ss=w0rd#");
            Map<String, String> keys = keys(cluster, password, cluster.strangersCa());
            try (TestPools pools = new TestPools(keys, true, Duration.ofSeconds(10))) {
                pools.pools.open("a");

                Eventually.within(
                        Duration.ofSeconds(20),
                        "the trouble is told",
                        () -> pools.pool("a").problem() != null);
                assertThat(pools.hikari("a").getHikariPoolMXBean().getTotalConnections())
                        .isZero();
            }
        }
    }

    private static Map<String, String> keys(SecureCluster cluster, Path password, Path ca) {
        String prefix = "firebreak.pools.a.";
        Map<String, String> keys = new TreeMap<>(Map.of(
                "firebreak.profile",
                "local",
                "firebreak.run",
                "serve",
                "firebreak.node",
                "test",
                "firebreak.issuer",
                "http://localhost/auth",
                "firebreak.public-origin",
                "http://localhost",
                prefix + "jdbc-url",
                "jdbc:postgresql://localhost:" + cluster.port() + "/" + SecureCluster.DATABASE,
                prefix + "user",
                "tasks_app",
                prefix + "password-file",
                password.toString(),
                prefix + "sslmode",
                "verify-full",
                prefix + "ssl-root-cert",
                ca.toString()));
        keys.put(prefix + "size", "2");
        return keys;
    }
}
