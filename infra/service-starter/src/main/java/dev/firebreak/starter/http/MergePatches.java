package dev.firebreak.starter.http;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.starter.problem.Violations;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Merge Patch (RFC 7396) onto a record: absent members stay, null removes, and the outcome obeys the same rules as a
 * body sent whole. Thread-safe.
 */
public final class MergePatches {
    /** Media type of a merge patch. */
    public static final String MEDIA_TYPE = "application/merge-patch+json";

    private final JsonMapper json;
    private final Validator validator;

    /** The mapper is the one of the service's bodies, so that names and strictness are the same. */
    public MergePatches(JsonMapper json, Validator validator) {
        this.json = json;
        this.validator = validator;
    }

    /** The value with the patch applied; {@code request.invalid} if the outcome breaks a rule. */
    public <T> T apply(T current, JsonNode patch, Class<T> type) {
        if (!patch.isObject()) {
            // Would replace the value as a whole (RFC 7396, 2), which is what PUT is for.
            throw new ServiceException(
                    RequestError.INVALID, "A patch is a JSON object.", List.of(new Violation("", "must be an object")));
        }
        T patched;
        try {
            patched = json.treeToValue(merge(json.valueToTree(current), patch), type);
        } catch (JacksonException e) {
            throw Violations.ofMapping(e);
        }
        Set<ConstraintViolation<T>> violations = validator.validate(patched);
        if (!violations.isEmpty()) {
            throw Violations.ofConstraints(violations);
        }
        return patched;
    }

    /** The algorithm of RFC 7396, section 2. Depth is bounded by the parser. */
    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : changes.objectNode();
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                JsonNode old = merged.path(change.getKey());
                merged.set(change.getKey(), merge(old, change.getValue()));
            }
        }
        return merged;
    }
}
