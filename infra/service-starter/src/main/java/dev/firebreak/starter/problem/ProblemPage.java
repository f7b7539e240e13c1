package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Tells a person what a problem document tells a program. A service with pages of its own has one bean of this type; the
 * renderer has set the status and the headers that hold for both when it hands over.
 */
public interface ProblemPage {
    /** Whether a person waits for the answer, rather than a program. */
    boolean isFor(HttpServletRequest request);

    /** Writes the page. */
    void show(ErrorCode error, HttpServletRequest request, HttpServletResponse response) throws IOException;
}
