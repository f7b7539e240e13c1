package dev.firebreak.system.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The task API over some way to send requests: a browser's scripts or a bearer token. */
public record Tasks(Channel channel) {
    public static final String PATH = "/api/v1/tasks";
    public static final String CATEGORIES = "/api/v1/categories";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    /** One way to send a request to the API. */
    public interface Channel {
        Answer send(String method, String path, @Nullable String json, Map<String, String> headers);
    }

    public static Tasks of(Browser browser) {
        return new Tasks(browser::fetch);
    }

    public static Tasks of(ApiClient client) {
        return new Tasks(client::send);
    }

    public Answer list() {
        return channel.send("GET", PATH, null, Map.of());
    }

    public Answer list(String query) {
        return channel.send("GET", PATH + "?" + query, null, Map.of());
    }

    /** Titles over all pages of this size. */
    public List<String> allTitles(int limit) {
        List<String> titles = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = list("limit=" + limit + (after.isEmpty() ? "" : "&after=" + after))
                    .expect(200)
                    .json();
            page.path("items").forEach(task -> titles.add(task.path("title").asString()));
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return titles;
    }

    public Answer read(String id) {
        return channel.send("GET", PATH + "/" + id, null, Map.of());
    }

    public Answer add(String title) {
        return add(Map.of("title", title));
    }

    public Answer add(Map<String, ?> values) {
        return channel.send("POST", PATH, json(values), Map.of());
    }

    /** Adds one under a title of its own and answers its id. */
    public String added() {
        return add("task " + UUID.randomUUID()).expect(201).json().path("id").asString();
    }

    public Answer change(String id, @Nullable String ifMatch, Map<String, ?> patch) {
        Map<String, String> headers = new LinkedHashMap<>(condition(ifMatch));
        headers.put("Content-Type", MERGE_PATCH);
        return channel.send("PATCH", PATH + "/" + id, json(patch), headers);
    }

    public Answer complete(String id, @Nullable String ifMatch) {
        return channel.send("PUT", PATH + "/" + id + "/completion", null, condition(ifMatch));
    }

    public Answer reopen(String id, @Nullable String ifMatch) {
        return channel.send("DELETE", PATH + "/" + id + "/completion", null, condition(ifMatch));
    }

    public Answer delete(String id, @Nullable String ifMatch) {
        return channel.send("DELETE", PATH + "/" + id, null, condition(ifMatch));
    }

    public Answer categories() {
        return channel.send("GET", CATEGORIES, null, Map.of());
    }

    private static Map<String, String> condition(@Nullable String ifMatch) {
        return ifMatch == null ? Map.of() : Map.of("If-Match", ifMatch);
    }

    private static String json(Map<String, ?> values) {
        return JsonMapper.shared().writeValueAsString(values);
    }
}
