package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request whose form was read already: its parameters are there as if the container had read them. */
final class FormRequest extends HttpServletRequestWrapper {
    private static final int MOST_PARAMETERS = 100;

    private final Map<String, String[]> parameters;

    FormRequest(HttpServletRequest request, byte[] form) {
        super(request);
        // The container takes the query only, because the body is read.
        Map<String, String[]> all = new LinkedHashMap<>(request.getParameterMap());
        String[] pairs = new String(form, StandardCharsets.UTF_8).split("&");
        if (pairs.length > MOST_PARAMETERS) {
            throw malformed("The form has too many parameters.");
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                add(all, pair);
            }
        }
        this.parameters = Collections.unmodifiableMap(all);
    }

    private static void add(Map<String, String[]> all, String pair) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        all.merge(name, new String[] {value}, (before, more) -> {
            String[] both = Arrays.copyOf(before, before.length + 1);
            both[before.length] = more[0];
            return both;
        });
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("The form is not well encoded.");
        }
    }

    private static ServiceException malformed(String detail) {
        return new ServiceException(RequestError.MALFORMED, detail);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return parameters;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values.clone();
    }
}
