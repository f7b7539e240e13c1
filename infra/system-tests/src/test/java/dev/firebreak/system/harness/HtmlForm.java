package dev.firebreak.system.harness;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A form as it stands in a page: where it goes and what it holds, hidden fields included. */
public record HtmlForm(String method, URI action, Map<String, String> fields) {
    private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>", Pattern.DOTALL);
    private static final Pattern ATTRIBUTE = Pattern.compile("([a-zA-Z-]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'))?");

    public HtmlForm {
        fields = Map.copyOf(fields);
    }

    /** The first form of the page that has this field. */
    public static HtmlForm withField(Answer page, String field) {
        Matcher forms = FORM.matcher(page.body());
        while (forms.find()) {
            HtmlForm form = read(page.uri(), forms.group(1), forms.group(2));
            if (form.fields.containsKey(field)) {
                return form;
            }
        }
        throw new NoSuchElementException("no form with field " + field + " in " + page);
    }

    /** The same form, filled in. */
    public HtmlForm with(String field, String value) {
        Map<String, String> filled = new LinkedHashMap<>(fields);
        filled.put(field, value);
        return new HtmlForm(method, action, filled);
    }

    /** Body of {@code application/x-www-form-urlencoded}. */
    public String encoded() {
        return encode(fields);
    }

    /** The same for any parameters. */
    public static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static HtmlForm read(URI page, String head, String content) {
        Map<String, String> form = attributes(head);
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(content);
        while (inputs.find()) {
            Map<String, String> input = attributes(inputs.group(1));
            boolean unticked = "checkbox".equals(input.get("type")) && !input.containsKey("checked");
            if (input.containsKey("name") && !unticked) {
                fields.put(input.get("name"), input.getOrDefault("value", ""));
            }
        }
        String action = form.getOrDefault("action", "");
        return new HtmlForm(
                form.getOrDefault("method", "get").toUpperCase(Locale.ROOT),
                action.isEmpty() ? page : page.resolve(action),
                fields);
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher matcher = ATTRIBUTE.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            attributes.put(matcher.group(1).toLowerCase(Locale.ROOT), value == null ? "" : unescape(value));
        }
        return attributes;
    }

    private static String unescape(String text) {
        return text.replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#43;", "+")
                .replace("&#61;", "=")
                .replace("&amp;", "&");
    }
}
