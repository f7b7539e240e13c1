package dev.firebreak.system.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the shared {@link SystemStack} as a parameter: started by the first that asks, mended after each test,
 * stopped at the end of the run.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithStack.Extension.class)
public @interface WithStack {
    /** The extension behind it. */
    final class Extension implements ParameterResolver, AfterEachCallback {
        private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(WithStack.class);

        /** What the root store closes when all tests are over, also when only one class was run. */
        private record Running(SystemStack stack) implements AutoCloseable {
            @Override
            public void close() {
                stack.down();
                stack.deleteFolder();
            }
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SystemStack.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return running(context).stack();
        }

        @Override
        public void afterEach(ExtensionContext context) {
            running(context).stack().heal();
        }

        private static Running running(ExtensionContext context) {
            return context.getRoot()
                    .getStore(STORE)
                    .computeIfAbsent(Running.class, key -> new Running(new SystemStack()), Running.class);
        }
    }
}
