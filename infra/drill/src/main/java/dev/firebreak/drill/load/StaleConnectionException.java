package dev.firebreak.drill.load;

import java.io.IOException;

/** A kept connection ended before one byte of an answer: the request may be sent again on another. */
final class StaleConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    StaleConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
