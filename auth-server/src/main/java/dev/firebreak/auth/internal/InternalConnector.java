package dev.firebreak.auth.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Adds the second connector. Its real port is {@code local.internal.port}, as Boot does for its own. */
@Order(Ordered.LOWEST_PRECEDENCE)
class InternalConnector implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    /** Every verifier keeps one connection open; some hundred nodes are far more than there will be. */
    private static final int MAX_CONNECTIONS = 512;

    private static final int ACCEPT_COUNT = 64;
    /** A client that dawdles over its headers. */
    private static final Duration READ = Duration.ofSeconds(5);
    /** Verifiers ask each second, so their connections stay. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    private final InternalProperties properties;
    private final ConfigurableEnvironment environment;
    private final Connector connector = new Connector(TomcatWebServerFactory.DEFAULT_PROTOCOL);

    InternalConnector(InternalProperties properties, ConfigurableEnvironment environment) {
        this.properties = properties;
        this.environment = environment;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        connector.setPort(properties.port());
        connector.setThrowOnFailure(true);
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setAddress(properties.address());
            protocol.setMaxConnections(MAX_CONNECTIONS);
            protocol.setAcceptCount(ACCEPT_COUNT);
            protocol.setConnectionTimeout((int) READ.toMillis());
            protocol.setKeepAliveTimeout((int) KEEP_ALIVE.toMillis());
            protocol.setExecutor(new VirtualThreadExecutor("internal-"));
        }
        factory.addAdditionalConnectors(connector);
        List<Valve> valves = new ArrayList<>();
        valves.add(new FaceValve(connector));
        // First, so that not even health is answered on the internal face.
        valves.addAll(factory.getEngineValves());
        factory.setEngineValves(valves);
    }

    @EventListener
    void started(ServletWebServerInitializedEvent event) {
        // The management server has no second connector and says so with a namespace.
        if (event.getApplicationContext().getServerNamespace() == null) {
            Map<String, Object> port = Map.of("local.internal.port", connector.getLocalPort());
            environment.getPropertySources().addFirst(new MapPropertySource("internal.port", port));
        }
    }
}
