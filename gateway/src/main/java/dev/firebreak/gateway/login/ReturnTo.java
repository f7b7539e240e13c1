package dev.firebreak.gateway.login;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where to go after sign-in: an address of this origin or the front page, never anybody else's. Pure. */
final class ReturnTo {
    static final String HOME = "/";
    /** It travels inside a cookie. */
    private static final int MAX_CHARS = 512;
    /** Coming back to these would sign out again, or sign in for ever. */
    private static final Set<String> LOOPS = Set.of("/login", "/login/callback", "/logout", "/auth/logout");

    private ReturnTo() {}

    /**
     * The wish of a request if it may be granted, as a path with its query.
     *
     * @param origin this origin, as browsers write it
     */
    static String of(@Nullable String wish, String origin) {
        if (wish == null || wish.length() > MAX_CHARS) {
            return HOME;
        }
        String path = wish.startsWith(origin + "/") ? wish.substring(origin.length()) : wish;
        return isLocalPath(path) ? path : HOME;
    }

    /** Browsers take a second slash or a backslash for the start of a host name, and drop control characters first. */
    private static boolean isLocalPath(String path) {
        boolean clean = path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        if (!clean) {
            return false;
        }
        try {
            URI uri = new URI(path);
            return !uri.isAbsolute()
                    && uri.getRawAuthority() == null
                    && uri.getRawPath() != null
                    && !LOOPS.contains(uri.getPath());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
