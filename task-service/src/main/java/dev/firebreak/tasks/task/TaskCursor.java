package dev.firebreak.tasks.task;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Where a page ended: the id of its last task, which is a position even after that task is deleted. Opaque to clients; the
 * first byte is the form's version, so that another order can come without breaking old cursors silently.
 */
record TaskCursor(UUID last) {
    private static final byte FORM = 1;
    private static final int LENGTH = 17;

    static TaskCursor parse(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(decode(text));
        if (bytes.remaining() != LENGTH || bytes.get() != FORM) {
            throw invalid();
        }
        return new TaskCursor(new UUID(bytes.getLong(), bytes.getLong()));
    }

    String text() {
        byte[] bytes = ByteBuffer.allocate(LENGTH)
                .put(FORM)
                .putLong(last.getMostSignificantBits())
                .putLong(last.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw invalid();
        }
    }

    private static ServiceException invalid() {
        return new ServiceException(
                RequestError.INVALID,
                "This is not a cursor of this list.",
                List.of(new Violation("after", "must be the next of a page")));
    }
}
