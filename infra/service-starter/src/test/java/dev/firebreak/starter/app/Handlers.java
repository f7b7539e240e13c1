package dev.firebreak.starter.app;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.TaskError;
import dev.firebreak.starter.overload.Deadlines;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Handlers that succeed, fail and wait. */
@RestController
class Handlers {
    private final InstantSource clock;

    Handlers(InstantSource clock) {
        this.clock = clock;
    }

    @PostMapping("/open/echo")
    JsonNode echo(@RequestBody JsonNode body) {
        return body;
    }

    @GetMapping("/open/deadline")
    Map<String, Object> deadline() {
        return Map.of(
                "left_ms",
                Deadlines.current().orElseThrow().left(clock.instant()).toMillis());
    }

    @GetMapping("/open/wait")
    Map<String, Object> await() throws InterruptedException {
        TestService.gate.await();
        return Map.of();
    }

    @GetMapping("/open/bug")
    void bug() {
        throw new IllegalStateException("secret internals");
    }

    @GetMapping("/open/documented")
    void documented() {
        throw new ServiceException(TaskError.NOT_FOUND, "No task " + new UUID(0, 0) + ".");
    }

    @GetMapping("/open/limited")
    void limited() {
        throw new ServiceException(RateError.LIMITED, "Too fast.", Duration.ofSeconds(3));
    }

    @GetMapping("/open/refused")
    void refused(HttpServletResponse response) throws IOException {
        response.sendError(503);
    }
}
