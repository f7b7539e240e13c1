package dev.firebreak.cli.pools;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks all targets at the same time and waits a moment for each: a node in trouble must not hide the others. */
public final class Inquiry implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofMillis(500);

    /** From the start to the last byte, all targets together. Below the second in which {@code --watch} comes again. */
    private static final Duration DEADLINE = Duration.ofMillis(900);

    /** A thousand pools; whoever answers more is something else. */
    private static final long MOST_BYTES = 1024 * 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** In the order of the targets. */
    public List<Answer> ask(List<Target> targets) throws InterruptedException {
        long begin = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (Target target : targets) {
            HttpRequest request = HttpRequest.newBuilder(target.address())
                    .header("Accept", "application/json")
                    .build();
            asked.add(http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES)));
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Duration left = DEADLINE.minusNanos(System.nanoTime() - begin);
            answers.add(answer(targets.get(i), asked.get(i), left));
        }
        return answers;
    }

    private static Answer answer(Target target, CompletableFuture<HttpResponse<String>> asked, Duration left)
            throws InterruptedException {
        try {
            HttpResponse<String> response = asked.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
            return response.statusCode() == 200
                    ? Answer.of(target, PoolsDocument.parse(response.body()))
                    : Answer.failed(target, "answers " + response.statusCode());
        } catch (IllegalArgumentException nonsense) {
            return Answer.failed(target, String.valueOf(nonsense.getMessage()));
        } catch (ExecutionException e) {
            return Answer.failed(target, words(e.getCause()));
        } catch (TimeoutException hangs) {
            return Answer.failed(target, "no answer within " + seconds(DEADLINE));
        } finally {
            // Closes the connection of one that hangs; nothing once it has answered.
            asked.cancel(true);
        }
    }

    private static String words(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException _ -> "no connection within " + seconds(CONNECT);
            case HttpTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "refuses the connection";
            case IOException io -> "breaks off: " + io.getMessage();
            case null, default -> String.valueOf(cause);
        };
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
