package dev.firebreak.drill.load;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP/1.1 request, ready to be sent. */
public record Request(String method, String path, Map<String, String> headers, String body) {
    public static Request get(String path) {
        return new Request("GET", path, Map.of(), "");
    }

    public static Request post(String path, String contentType, String body) {
        return new Request("POST", path, Map.of("Content-Type", contentType), body);
    }

    public Request with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(method, path, more, body);
    }

    byte[] bytes(String host) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (!method.equals("GET")) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + content.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(content, 0, all, first.length, content.length);
        return all;
    }

    /** Never the headers: cookies are credentials. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
