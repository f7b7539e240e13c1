package dev.firebreak.gateway.platform;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Connections towards the services. The gateway's own client factory would leave its queue unbounded. */
@Configuration(proxyBeanMethods = false)
class HttpClients {
    /** Sign-ins, sign-outs and discovery beside the renewals. */
    private static final int OTHER_CALLS = 32;
    /** Answers of our services carry one cookie and a handful of headers. */
    private static final int MAX_ANSWER_HEADER_BYTES = 16 * 1024;

    @Bean(destroyMethod = "dispose")
    ConnectionProvider proxyConnections(GatewayProperties gateway) {
        GatewayProperties.Upstream upstream = gateway.upstream();
        return ConnectionProvider.builder("proxy")
                .maxConnections(upstream.maxConnections())
                .pendingAcquireMaxCount(upstream.maxPending())
                .pendingAcquireTimeout(upstream.acquireTimeout())
                .maxIdleTime(upstream.maxIdle())
                .maxLifeTime(upstream.maxLife())
                .evictInBackground(upstream.maxIdle())
                .lifo()
                .metrics(true)
                .build();
    }

    @Bean
    HttpClient proxyClient(@Qualifier("proxyConnections") ConnectionProvider connections, GatewayProperties gateway) {
        GatewayProperties.Upstream upstream = gateway.upstream();
        return HttpClient.create(connections)
                .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_ANSWER_HEADER_BYTES))
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(upstream.connectTimeout().toMillis()))
                // Between any two reads, so that a service which hangs in the middle of its answer is noticed too.
                .responseTimeout(upstream.responseTimeout());
    }

    @Bean(destroyMethod = "close")
    AuthServerCalls authServerCalls(GatewayProperties gateway) {
        Duration timeout = gateway.renewal().fullWait();
        return new AuthServerCalls(
                gateway.upstream(), timeout, gateway.renewal().maxInFlight() + OTHER_CALLS);
    }
}
