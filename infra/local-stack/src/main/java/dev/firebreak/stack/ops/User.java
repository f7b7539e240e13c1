package dev.firebreak.stack.ops;

import tools.jackson.databind.JsonNode;

/** One account as {@code ops/users} shows it. */
public record User(
        String id, String email, String name, String role, boolean disabled, boolean demo, String createdAt) {
    static User of(JsonNode json) {
        return new User(
                json.path("id").asString(""),
                json.path("email").asString(""),
                json.path("name").asString(""),
                json.path("role").asString(""),
                json.path("disabled").asBoolean(false),
                json.path("demo").asBoolean(false),
                json.path("created_at").asString(""));
    }
}
