package dev.firebreak.gateway.errors;

import dev.firebreak.contracts.error.ErrorCatalogue;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.PageHeaders;
import dev.firebreak.gateway.platform.Reads;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /errors/<code>}: where the {@code type} of every problem document leads. */
@Configuration(proxyBeanMethods = false)
class ErrorPageRoutes {
    @Bean
    RouterFunction<ServerResponse> errorPageRouter(ErrorPages pages) {
        return RouterFunctions.route()
                .route(Reads.of("/errors/{code}"), request -> page(pages, request.pathVariable("code")))
                .build();
    }

    private static Mono<ServerResponse> page(ErrorPages pages, String code) {
        ErrorCode error = ErrorCatalogue.find(code)
                .orElseThrow(() -> new ServiceException(RequestError.UNKNOWN_PATH, "There is no such error code"));
        return ServerResponse.ok()
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                .headers(PageHeaders::addTo)
                .bodyValue(pages.render(error, error.help(), null, null));
    }
}
