package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One form on its way in. Tomcat bounds the pause between two packets only, so the bytes are read on a thread of their own
 * and waited for as long as the whole may take.
 */
final class TokenForm {
    private final HttpServletRequest request;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private volatile boolean givenUp;

    TokenForm(HttpServletRequest request) {
        this.request = request;
    }

    static ServiceException tooLarge() {
        return new ServiceException(
                RequestError.TOO_LARGE, "The form may hold at most " + TokenFormFilter.LARGEST + " bytes.");
    }

    /** The whole body; empty if it did not come in time. */
    Optional<byte[]> read(Duration limit) throws IOException {
        Thread.ofVirtual().name("token-form").start(this::readAll);
        try {
            return Optional.of(body.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            givenUp = true;
            return Optional.empty();
        } catch (InterruptedException e) {
            givenUp = true;
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IOException(e);
        }
    }

    private void readAll() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
            byte[] buffer = new byte[2048];
            InputStream in = request.getInputStream();
            for (int count = in.read(buffer); count >= 0 && !givenUp; count = in.read(buffer)) {
                if (bytes.size() + count > TokenFormFilter.LARGEST) {
                    throw tooLarge();
                }
                bytes.write(buffer, 0, count);
            }
            body.complete(bytes.toByteArray());
        } catch (IOException | RuntimeException e) {
            body.completeExceptionally(e);
        }
    }

    /** Returns when nobody reads the request any more. */
    void awaitEnd() {
        try {
            body.join();
        } catch (CompletionException e) {
            // Broken or too large after all: it was answered before.
            return;
        }
    }
}
