package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** What Spring MVC and Tomcat find wrong with a request. The texts are ours: theirs name classes and parameters. */
final class SpringMvcFailures implements FailureTranslator {
    @Override
    public Optional<Failure> translate(Throwable thrown) {
        return switch (thrown) {
            case MethodArgumentNotValidException e -> Optional.of(Violations.ofBody(e));
            case HandlerMethodValidationException e -> Optional.of(Violations.ofParameters(e));
            case MethodArgumentTypeMismatchException e ->
                Optional.of(Violations.ofParameter(e.getName(), "has the wrong form"));
            case HttpMessageNotReadableException e -> Violations.ofUnreadableBody(e);
            case HttpRequestMethodNotSupportedException e ->
                found(RequestError.METHOD_NOT_ALLOWED, e.getMethod() + " is not offered here.", e);
            case HttpMediaTypeNotSupportedException e ->
                found(RequestError.UNSUPPORTED_MEDIA, "This content type is not read here.", e);
            case HttpMediaTypeNotAcceptableException e ->
                found(RequestError.NOT_ACCEPTABLE, "None of the accepted media types can be given.", e);
            case NoHandlerFoundException _, NoResourceFoundException _ ->
                Optional.of(Failure.of(RequestError.UNKNOWN_PATH, "There is nothing at this address."));
            case MaxUploadSizeExceededException _ ->
                Optional.of(Failure.of(RequestError.TOO_LARGE, "The upload is larger than allowed."));
            case AsyncRequestTimeoutException _ ->
                Optional.of(Failure.of(RequestError.DEADLINE_EXCEEDED, "The answer took too long."));
            case ServletRequestBindingException e
            when e.getStatusCode().is4xxClientError() ->
                Optional.of(Failure.of(RequestError.INVALID, "A required parameter or header is missing."));
            case InvalidParameterException e ->
                Optional.of(ofStatus(e.getErrorCode(), "The parameters could not be read."));
            case ErrorResponse e
            when e.getStatusCode().is4xxClientError() ->
                Optional.of(ofStatus(e.getStatusCode().value(), "The request could not be read."));
            default -> Optional.empty();
        };
    }

    private static Optional<Failure> found(RequestError error, String detail, ErrorResponse from) {
        Map<String, String> headers = new TreeMap<>();
        // Allow, Accept and Accept-Patch tell the caller what would work (RFC 9110, 15.5.6; RFC 5789, 3.1).
        HttpHeaders theirs = from.getHeaders();
        theirs.forEach((name, values) -> headers.put(name, String.join(", ", values)));
        Failure failure = Failure.of(error, detail);
        return Optional.of(new Failure(
                failure.error(), detail, null, failure.violations(), failure.members(), headers, failure.cause()));
    }

    /** The error that stands for a bare HTTP status, as containers give it. */
    static Failure ofStatus(int status, String detail) {
        ErrorCode error = switch (status) {
            case 404 -> RequestError.UNKNOWN_PATH;
            case 405 -> RequestError.METHOD_NOT_ALLOWED;
            case 406 -> RequestError.NOT_ACCEPTABLE;
            case 413, 414, 431 -> RequestError.TOO_LARGE;
            case 415 -> RequestError.UNSUPPORTED_MEDIA;
            case 503 -> ServiceError.STARTING;
            default -> status >= 400 && status < 500 ? RequestError.MALFORMED : ServiceError.INTERNAL;
        };
        return Failure.of(error, detail);
    }
}
