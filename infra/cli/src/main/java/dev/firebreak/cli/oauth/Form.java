package dev.firebreak.cli.oauth;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Form encoding (WHATWG URL, 5) of bodies and query strings. */
public final class Form {
    private Form() {}

    public static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Parameters of a query; of a repeated one the first counts. */
    static Map<String, String> query(URI uri) {
        Map<String, String> fields = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        if (query == null) {
            return fields;
        }
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.putIfAbsent(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
        }
        return fields;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
