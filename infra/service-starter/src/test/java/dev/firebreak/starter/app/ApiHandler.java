package dev.firebreak.starter.app;

import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.authn.RequiresScope;
import java.util.Map;
import org.slf4j.MDC;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A handler for callers with a scope. */
@RestController
class ApiHandler {
    @GetMapping("/api/v1/me")
    @RequiresScope("tasks:read")
    Map<String, Object> me(Caller caller) {
        return Map.of("user_id", caller.userId(), "client_id", caller.clientId(), "trace_id", MDC.get("trace_id"));
    }
}
