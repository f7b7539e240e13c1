package dev.firebreak.gateway.route;

import dev.firebreak.gateway.platform.GatewayProperties;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.NettyRoutingFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.client.HttpClient;

/** The proxied areas, and the client and writer that carry them. */
@Configuration(proxyBeanMethods = false)
class Routes {
    @Bean
    RouteLocator proxiedAreas(RouteLocatorBuilder routes, GatewayProperties gateway) {
        return routes.routes()
                .route(
                        "tasks",
                        route -> route.predicate(exchange -> Area.of(exchange) == Area.TASKS)
                                .uri(gateway.tasksUpstream()))
                .route(
                        "auth",
                        route -> route.predicate(exchange -> isAuth(Area.of(exchange)))
                                .uri(gateway.authUpstream()))
                .build();
    }

    /** The gateway's own client filter, with our one pass over the headers instead of its seven. */
    @Bean
    NettyRoutingFilter upstreamClient(
            HttpClient client, HttpClientProperties properties, GatewayProperties gateway, InstantSource clock) {
        // A time-out of reading, so it must be as long as the call may be; on the same connections.
        HttpClient patient = client.responseTimeout(gateway.upstream().orderTimeout());
        return new NettyRoutingFilter(
                client, provide(List.of(UpstreamHeaders.requests(clock), UpstreamHeaders.responses())), properties) {
            @Override
            protected HttpClient getHttpClient(Route route, ServerWebExchange exchange) {
                Duration timeout = Relay.of(exchange).callTimeout();
                return timeout.compareTo(gateway.upstream().responseTimeout()) > 0 ? patient : client;
            }
        };
    }

    @Bean
    NettyWriteResponseFilter responseWriter() {
        return new NettyWriteResponseFilter(List.of(MediaType.TEXT_EVENT_STREAM), provide(List.of()));
    }

    private static boolean isAuth(@Nullable Area area) {
        return area == Area.AUTH || area == Area.AUTH_API || area == Area.OPS;
    }

    private static ObjectProvider<List<HttpHeadersFilter>> provide(List<HttpHeadersFilter> filters) {
        return new ObjectProvider<>() {
            @Override
            public List<HttpHeadersFilter> getObject() {
                return filters;
            }

            @Override
            public List<HttpHeadersFilter> getIfAvailable() {
                return filters;
            }
        };
    }
}
