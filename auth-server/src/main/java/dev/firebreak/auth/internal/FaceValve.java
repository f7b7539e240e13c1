package dev.firebreak.auth.internal;

import dev.firebreak.contracts.http.Paths;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the two faces apart before anything else sees a request: the internal connector answers internal paths and nothing
 * more, every other connector answers everything but those. By the connector that the request came in on, which no header
 * can change, and by the path as the container will map it: decoded, normalised, without parameters.
 */
final class FaceValve extends ValveBase {
    /** The whole tree, whatever its version, so that a later one is not public by accident. */
    private static final String INTERNAL_TREE = Paths.INTERNAL.substring(0, Paths.INTERNAL.lastIndexOf('/'));

    private final Connector internal;

    FaceValve(Connector internal) {
        super(true);
        this.internal = internal;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        @Nullable String path = request.getDecodedRequestURI();
        if (path == null) {
            // Not a path; the container has refused it already and only writes its 400 further in.
            getNext().invoke(request, response);
            return;
        }
        boolean allowed = request.getConnector() == internal
                ? path.startsWith(Paths.INTERNAL + "/")
                : !path.equals(INTERNAL_TREE) && !path.startsWith(INTERNAL_TREE + "/");
        if (allowed) {
            getNext().invoke(request, response);
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.setContentLength(0);
            response.finishResponse();
        }
    }
}
