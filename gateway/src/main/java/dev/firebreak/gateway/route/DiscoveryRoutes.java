package dev.firebreak.gateway.route;

import dev.firebreak.gateway.platform.Reads;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
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
        return discovery.fetch(RouteTable.discoveryPath(request.path())).flatMap(document -> {
            if (document.isNamedBy(request.headers().header(HttpHeaders.IF_NONE_MATCH))) {
                return common(ServerResponse.status(HttpStatus.NOT_MODIFIED), document)
                        .build();
            }
            return common(ServerResponse.ok(), document)
                    .header(HttpHeaders.CONTENT_TYPE, document.contentType())
                    .header("X-Content-Type-Options", "nosniff")
                    .bodyValue(document.body());
        });
    }

    /** Also of an answer without the document: a cache brings what it keeps up to date by them (RFC 9110, 15.4.5). */
    private static ServerResponse.BodyBuilder common(ServerResponse.BodyBuilder response, Discovery.Document document) {
        return response.header(HttpHeaders.CACHE_CONTROL, document.cacheControl())
                .header(HttpHeaders.ETAG, document.eTag())
                // Public documents, read by browser clients of any origin (OpenID Connect Discovery, 4).
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
}
