package dev.firebreak.gateway.web;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.PageHeaders;
import dev.firebreak.gateway.platform.Reads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /}, {@code /connections}, {@code /ops/keys} and {@code /assets/**}. */
@Configuration(proxyBeanMethods = false)
class WebRoutes {
    private static final String FOLDER = "web/";
    private static final String INDEX = "index.html";
    private static final String CONNECTIONS = "connections.html";
    private static final String KEYS = "keys.html";
    /** Pages have addresses of their own and are no assets. */
    private static final Set<String> PAGES = Set.of(INDEX, CONNECTIONS, KEYS);

    @Bean
    RouterFunction<ServerResponse> webPages() {
        Map<String, Asset> assets = load();
        return RouterFunctions.route()
                .route(Reads.of("/"), request -> answer(request, assets.get(INDEX)))
                .route(Reads.of("/connections"), request -> answer(request, assets.get(CONNECTIONS)))
                .route(Reads.of("/ops/keys"), request -> answer(request, assets.get(KEYS)))
                .route(Reads.of("/assets/{*name}"), request -> answer(request, assets.get(nameOf(request))))
                .build();
    }

    /** The leading slash belongs to the pattern. */
    private static String nameOf(ServerRequest request) {
        String name = request.pathVariable("name").substring(1);
        return PAGES.contains(name) ? "" : name;
    }

    /** Always revalidated: names carry no version, and a revalidation costs one small answer from memory. */
    private static Mono<ServerResponse> answer(ServerRequest request, @Nullable Asset asset) {
        if (asset == null) {
            throw new ServiceException(RequestError.UNKNOWN_PATH, "There is nothing at this path");
        }
        boolean known = request.headers().header(HttpHeaders.IF_NONE_MATCH).contains(asset.etag());
        ServerResponse.BodyBuilder builder = ServerResponse.status(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .eTag(asset.etag())
                .cacheControl(CacheControl.noCache())
                .headers(PageHeaders::addTo);
        return known
                ? builder.build()
                : builder.header(HttpHeaders.CONTENT_TYPE, asset.contentType()).bodyValue(asset.content());
    }

    private static Map<String, Asset> load() {
        Map<String, Asset> assets = new HashMap<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:" + FOLDER + "**")) {
                String url = file.getURL().toString();
                String name = url.substring(url.lastIndexOf("/" + FOLDER) + FOLDER.length() + 1);
                if (file.isReadable() && !name.isEmpty() && !name.endsWith("/")) {
                    assets.put(name, read(file, name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The page's files cannot be read from the jar", e);
        }
        return Map.copyOf(assets);
    }

    private static Asset read(Resource file, String name) throws IOException {
        try (InputStream in = file.getInputStream()) {
            return Asset.of(name, in.readAllBytes());
        }
    }
}
