package dev.firebreak.stack.ops;

import tools.jackson.databind.JsonNode;

/** An order that the authorization server refused, with its code (contracts, "Errors"). */
public final class OpsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient JsonNode problem;

    OpsRefusal(int status, String code, String detail, JsonNode problem) {
        super(detail);
        this.status = status;
        this.code = code;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    /** For instance {@code user.email_taken}. */
    public String code() {
        return code;
    }

    /** The whole problem document (RFC 9457); empty when the answer was none. */
    public JsonNode problem() {
        return problem;
    }
}
