package dev.firebreak.auth.node;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires this module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NodeProperties.class)
class NodeConfiguration {
    /** The rings come from modules that themselves ask who lives, so they are looked up at each report. */
    @Bean
    Nodes nodes(
            @Background DataSource pool,
            ServiceIdentity identity,
            ObjectProvider<Loaded> rings,
            MeterRegistry metrics) {
        Nodes nodes = new Nodes(
                new NodeRepository(JdbcClient.create(pool)),
                identity.node(),
                () -> rings.stream().toList());
        Gauge.builder("auth.nodes", nodes, it -> it.lastRead().size())
                .description("Living authorization servers, as this node last read")
                .register(metrics);
        return nodes;
    }

    @Bean
    Loop nodeLoop(Nodes nodes, NodeProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop("nodes", properties.reportEvery(), clock, metrics, () -> Lanes.in(Lane.KEEP, nodes::report));
    }
}
