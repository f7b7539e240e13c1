package dev.firebreak.cli;

/** A command line that asks for nothing this program can do; ends with status 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
