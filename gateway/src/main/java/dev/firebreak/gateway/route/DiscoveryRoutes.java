package dev.firebreak.gateway.route;

import dev.firebreak.gateway.platform.Reads;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves {@link Discovery} at its five addresses. */
@Configuration(proxyBeanMethods = false)
class DiscoveryRoutes {
    @Bean
    RouterFunction<ServerResponse> discoveryDocuments(Discovery discovery) {
        RouterFunctions.Builder routes = RouterFunctions.route();
        for (String path : RouteTable.discoveryPaths()) {
            routes.route(Reads.of(path), request -> answer(discovery, request));
        }
        return routes.build();
    }

    private static Mono<ServerResponse> answer(Discovery discovery, ServerRequest request) {
        return discovery
                .fetch(RouteTable.discoveryPath(request.path()))
                .flatMap(document -> ServerResponse.ok()
                        .header(HttpHeaders.CONTENT_TYPE, document.contentType())
                        .header(HttpHeaders.CACHE_CONTROL, document.cacheControl())
                        .header("X-Content-Type-Options", "nosniff")
                        // Public documents, read by browser clients of any origin (OpenID Connect Discovery, 4).
                        .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                        .bodyValue(document.body()));
    }
}
