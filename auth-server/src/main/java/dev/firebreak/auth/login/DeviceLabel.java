package dev.firebreak.auth.login;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person would call the browser, for the list of their sign-ins: "Firefox on Linux". A guess from the User-Agent,
 * never a decision; the header itself is not kept.
 */
final class DeviceLabel {
    // In this order: each browser claims to be those after it.
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("edg", "Edge"),
            Map.entry("opr/", "Opera"),
            Map.entry("firefox/", "Firefox"),
            Map.entry("chrome/", "Chrome"),
            Map.entry("chromium/", "Chromium"),
            Map.entry("safari/", "Safari"),
            Map.entry("curl/", "curl"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("android", "Android"),
            Map.entry("iphone", "iPhone"),
            Map.entry("ipad", "iPad"),
            Map.entry("windows", "Windows"),
            Map.entry("mac os", "Mac"),
            Map.entry("cros", "ChromeOS"),
            Map.entry("linux", "Linux"));

    private DeviceLabel() {}

    static String of(@Nullable String userAgent) {
        String agent = userAgent == null ? "" : userAgent.toLowerCase(Locale.ROOT);
        String browser = first(BROWSERS, agent, "A browser");
        String system = first(SYSTEMS, agent, "");
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String first(List<Map.Entry<String, String>> names, String agent, String otherwise) {
        return names.stream()
                .filter(name -> agent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}
