package dev.firebreak.cli.oauth;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of a page: where it goes and what its hidden fields hold. Reads the well-formed HTML of our own sign-in page,
 * not the web's.
 */
record HtmlForm(URI action, Map<String, String> hidden) {
    private static final Pattern FORM = Pattern.compile("(?is)<form\\b([^>]*)>(.*?)</form>");
    private static final Pattern INPUT = Pattern.compile("(?is)<input\\b([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?is)([\\w-]+)\\s*=\\s*(\"([^\"]*)\"|'([^']*)')");
    private static final Pattern ALERT = Pattern.compile("(?is)role=\"alert\".*?<strong>([^<]*)</strong>");

    /** The form that asks for a password, if the page has one. */
    static Optional<HtmlForm> signIn(URI page, String html) {
        Matcher form = FORM.matcher(html);
        while (form.find()) {
            Map<String, String> hidden = new LinkedHashMap<>();
            boolean password = false;
            Matcher input = INPUT.matcher(form.group(2));
            while (input.find()) {
                Map<String, String> attributes = attributes(input.group(1));
                String type = attributes.getOrDefault("type", "text");
                password |= type.equals("password");
                if (type.equals("hidden") && attributes.containsKey("name")) {
                    hidden.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
                }
            }
            if (password) {
                String action = attributes(form.group(1)).getOrDefault("action", "");
                return Optional.of(new HtmlForm(page.resolve(action.isEmpty() ? page.toString() : action), hidden));
            }
        }
        return Optional.empty();
    }

    /** First sentence of the page's alert. */
    static Optional<String> alert(String html) {
        Matcher alert = ALERT.matcher(html);
        return alert.find() ? Optional.of(unescape(alert.group(1).strip())) : Optional.empty();
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(tag);
        while (attribute.find()) {
            String value = attribute.group(3) != null ? attribute.group(3) : attribute.group(4);
            attributes.put(attribute.group(1).toLowerCase(Locale.ROOT), unescape(value));
        }
        return attributes;
    }

    private static String unescape(String text) {
        return text.replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&#43;", "+")
                .replace("&#61;", "=")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
