package dev.firebreak.starter.http;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * What Jackson would still guess and no key of Boot's forbids: a number where text belongs, an array or a day number where
 * a date belongs. Such a body is a mistake of its sender, who should hear of it.
 */
final class StrictJson implements JsonMapperBuilderCustomizer {
    @Override
    public void customize(JsonMapper.Builder mapper) {
        mapper.withCoercionConfig(
                LogicalType.Textual,
                text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
        mapper.addModule(new SimpleModule("strict dates").addDeserializer(LocalDate.class, new PlainDate()));
    }

    /** {@code full-date} of RFC 3339 and nothing else. */
    private static final class PlainDate extends StdScalarDeserializer<LocalDate> {
        PlainDate() {
            super(LocalDate.class);
        }

        @Override
        public LocalDate deserialize(JsonParser json, DeserializationContext context) {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                throw context.wrongTokenException(json, LocalDate.class, JsonToken.VALUE_STRING, "a date is a string");
            }
            String text = json.getString();
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException _) {
                throw context.weirdStringException(text, LocalDate.class, "not a date");
            }
        }
    }
}
