package dev.firebreak.system.harness;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program with a bearer token, at the gateway or at a service directly. Holds no cookies. */
public record ApiClient(URI base, @Nullable String token) {
    public Answer get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Answer post(String path, String json) {
        return send("POST", path, json, Map.of());
    }

    public Answer delete(String path) {
        return send("DELETE", path, null, Map.of());
    }

    public Answer send(String method, String path, @Nullable String json, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json, application/problem+json");
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        if (json != null) {
            headers.put("Content-Type", "application/json");
        }
        headers.putAll(more);
        return Wire.send(method, base.resolve(path), headers, json);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "ApiClient[" + base + "]";
    }
}
