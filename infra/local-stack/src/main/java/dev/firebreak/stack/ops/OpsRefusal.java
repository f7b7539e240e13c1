package dev.firebreak.stack.ops;

/** An order that the authorization server refused, with its code (contracts, "Errors"). */
public final class OpsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    OpsRefusal(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** For instance {@code user.email_taken}. */
    public String code() {
        return code;
    }
}
