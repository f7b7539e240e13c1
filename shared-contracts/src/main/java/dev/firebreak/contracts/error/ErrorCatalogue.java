package dev.firebreak.contracts.error;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every error code of the system, so that pages and documents can be compared with the code. Immutable. */
public final class ErrorCatalogue {
    private static final List<ErrorCode> ALL = Stream.of(
                    AuthError.values(),
                    SessionError.values(),
                    CsrfError.values(),
                    RequestError.values(),
                    ServiceError.values(),
                    PoolError.values(),
                    RateError.values(),
                    TaskError.values(),
                    CategoryError.values(),
                    UserError.values(),
                    KeyError.values(),
                    RefreshKeyError.values(),
                    ConnectionError.values(),
                    VaultError.values(),
                    EventError.values())
            .flatMap(Arrays::<ErrorCode>stream)
            .toList();

    private static final Map<String, ErrorCode> BY_CODE = index();

    private ErrorCatalogue() {}

    /** All codes, grouped by feature. */
    public static List<ErrorCode> all() {
        return ALL;
    }

    /** The error with this code, if there is one. */
    public static Optional<ErrorCode> find(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    private static Map<String, ErrorCode> index() {
        Map<String, ErrorCode> index = new TreeMap<>();
        for (ErrorCode error : ALL) {
            if (index.put(error.code(), error) != null) {
                throw new IllegalStateException("Two errors share the code " + error.code());
            }
        }
        return Map.copyOf(index);
    }
}
