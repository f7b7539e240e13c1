package dev.firebreak.starter.form;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.trust.retry.RetryAfterHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Posts forms to one endpoint, of which twice does the same as once. Body and answer pass by Spring's converters, which
 * write what they convert into the log where that is set to debug. Thread-safe.
 */
public final class FormCalls {
    /** A token of ours has about 1 KB, one of Google's at most 2 KB. */
    private static final int LARGEST_ANSWER = 64 * 1024;

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType PROBLEM = MediaType.parseMediaType(Paths.PROBLEM_JSON);

    private final RestClient client;
    private final URI endpoint;
    private final InstantSource clock;

    /** @param client proves who we are by itself, afresh for each attempt */
    public FormCalls(RestClient client, URI endpoint, InstantSource clock) {
        this.client = client;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * Sends the fields; whatever the other side says, also that it is busy, is the result.
     *
     * @throws ServiceException {@code service.upstream_unavailable}, {@code service.upstream_timeout} or {@code
     *     request.deadline_exceeded} if there is no answer
     */
    public FormAnswer post(Map<String, String> fields) {
        byte[] form = encode(fields);
        try {
            return client.post()
                    .uri(endpoint)
                    .attribute(ServiceClients.REPEATABLE, true)
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .accept(MediaType.APPLICATION_JSON, PROBLEM)
                    .body(out -> out.write(form))
                    .exchangeForRequiredValue((_, response) -> read(response));
        } catch (RestClientException e) {
            throw new ServiceException(
                    ServiceError.UPSTREAM_UNAVAILABLE, "A service that this one needs gave no answer.", e);
        }
    }

    private FormAnswer read(ClientHttpResponse response) throws IOException {
        String retryAfter = response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER);
        return new FormAnswer(
                response.getStatusCode().value(),
                RetryAfterHeader.parse(retryAfter, clock.instant()),
                json(response.getBody()));
    }

    private static JsonNode json(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST_ANSWER);
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            // An error page, or what was cut off. Its text stays out of every message: it may hold a token.
            return MissingNode.getInstance();
        }
    }

    private static byte[] encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
