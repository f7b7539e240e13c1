package dev.firebreak.gateway.errors;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Everything that fails anywhere in the gateway ends here. Ahead of Boot's handler at -1. */
@Component
@Order(-2)
class FailureHandler implements WebExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);

    private final ErrorRenderer renderer;

    FailureHandler(ErrorRenderer renderer) {
        this.renderer = renderer;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            // Half an answer is out: all that is left is to break the connection, so that it is not taken for a whole
            // one.
            LOG.warn("{} broke off: {}", exchange.getRequest().getURI().getRawPath(), failure.toString());
            return Mono.error(failure);
        }
        // Nothing uncommitted is ever ended without an answer, however much it looks as if the caller had gone: the
        // same
        // exceptions come from a service that broke off, and an empty end would be a 200.
        return renderer.render(exchange, documented(exchange, failure));
    }

    private static ServiceException documented(ServerWebExchange exchange, Throwable failure) {
        return switch (failure) {
            case ServiceException known -> known;
            case MethodNotAllowedException wrongMethod -> {
                exchange.getResponse().getHeaders().putAll(wrongMethod.getHeaders());
                yield new ServiceException(
                        RequestError.METHOD_NOT_ALLOWED, "This address does not answer " + wrongMethod.getHttpMethod());
            }
            case ResponseStatusException status -> {
                ErrorCode error = errorFor(status.getStatusCode().value());
                yield new ServiceException(error, error.help(), status);
            }
            default -> new ServiceException(ServiceError.INTERNAL, "The gateway failed", failure);
        };
    }

    private static ErrorCode errorFor(int status) {
        return switch (status) {
            case 400 -> RequestError.MALFORMED;
            case 404 -> RequestError.UNKNOWN_PATH;
            case 405 -> RequestError.METHOD_NOT_ALLOWED;
            case 406 -> RequestError.NOT_ACCEPTABLE;
            case 413 -> RequestError.TOO_LARGE;
            case 415 -> RequestError.UNSUPPORTED_MEDIA;
            case 503 -> ServiceError.UPSTREAM_UNAVAILABLE;
            case 504 -> ServiceError.UPSTREAM_TIMEOUT;
            default -> ServiceError.INTERNAL;
        };
    }
}
