package dev.firebreak.system.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
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
    final class Extension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
        private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(WithStack.class);

        /** What the root store closes when all tests are over, also when only one class was run. */
        private record Running(
                @Nullable SystemStack stack, @Nullable RuntimeException failure) implements AutoCloseable {
            /** A start that failed fails again for each test that asks, at once: trying anew would fail as slowly. */
            static Running start() {
                SystemStack stack = new SystemStack();
                try {
                    stack.up();
                    return new Running(stack, null);
                } catch (RuntimeException e) {
                    stack.end();
                    return new Running(null, e);
                }
            }

            SystemStack require() {
                if (stack == null) {
                    throw new IllegalStateException(
                            "the stack did not start; its logs: " + SystemStack.KEPT_LOGS, failure);
                }
                return stack;
            }

            @Override
            public void close() {
                if (stack != null) {
                    stack.end();
                }
            }
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SystemStack.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return running(context).require();
        }

        @Override
        public void afterEach(ExtensionContext context) {
            running(context).require().heal();
        }

        /** Also when a class failed before its first test, in the middle of an outage of its own making. */
        @Override
        public void afterAll(ExtensionContext context) {
            running(context).require().heal();
        }

        private static Running running(ExtensionContext context) {
            return context.getRoot()
                    .getStore(STORE)
                    .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
        }
    }
}
