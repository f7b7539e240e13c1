package dev.firebreak.gateway.errors;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.SessionError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The page that explains an error code: what happened, who must act, and a way to sign in where that helps. */
@Component
class ErrorPages {
    private static final String TEMPLATE = "pages/error.html";
    /** Beside every 401: the session is kept here, but a person may prefer not to wait. */
    private static final Set<ErrorCode> SIGN_IN_HELPS =
            Set.of(SessionError.KEY_UNKNOWN, SessionError.LOGIN_STATE, SessionError.LOGIN_REFUSED);

    private final Template template;

    ErrorPages() {
        this.template = Mustache.compiler()
                .escapeHTML(true)
                .emptyStringIsFalse(true)
                .defaultValue("")
                .compile(read());
    }

    /**
     * The page for one occurrence, or for the code alone.
     *
     * @param detail this occurrence in words, or the code's own help
     */
    String render(ErrorCode error, String detail, @Nullable String traceId, @Nullable Integer retryAfter) {
        boolean signIn = error.kind() == ErrorCode.Kind.UNAUTHENTICATED || SIGN_IN_HELPS.contains(error);
        return template.execute(Map.of(
                "title", error.title(),
                "code", error.code(),
                "help", error.help(),
                "detail", detail.equals(error.help()) ? "" : detail,
                "act", error.act().wireName(),
                "status", error.kind().status(),
                "traceId", traceId == null ? "" : traceId,
                "retryAfter", retryAfter == null ? "" : retryAfter.toString(),
                "signIn", signIn));
    }

    private static String read() {
        try (InputStream in = new ClassPathResource(TEMPLATE).getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The page template " + TEMPLATE + " is not in the jar", e);
        }
    }
}
