package dev.firebreak.system.clock;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Java agent: makes {@code java.time} clocks and {@code new Date()} of its process read {@link ShiftedClock}. Monotonic
 * time ({@code System.nanoTime}, and with it every time-out and back-off) stays real, as it does when the wall clock of
 * a machine is set.
 */
public final class ClockAgent {
    private static final ClassDesc SHIFTED = ClassDesc.of(ShiftedClock.class.getName());
    private static final ClassDesc INSTANT = ClassDesc.of(Instant.class.getName());

    /** After each reading of the milliseconds: adds the offset to what was read. */
    private static final ClassTransform SHIFT_MILLIS = ClassTransform.transformingMethodBodies((code, element) -> {
        code.with(element);
        if (element instanceof InvokeInstruction call
                && call.name().equalsString("currentTimeMillis")
                && call.owner().name().equalsString("java/lang/System")) {
            code.invokestatic(SHIFTED, "millis", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long));
        }
    });

    /** Before {@code Clock.currentInstant} returns: the one place that every {@code Instant.now()} comes from. */
    private static final ClassTransform SHIFT_INSTANT = ClassTransform.transformingMethodBodies(
            method -> method.methodName().equalsString("currentInstant"), (code, element) -> {
                if (element instanceof ReturnInstruction) {
                    code.invokestatic(SHIFTED, "instant", MethodTypeDesc.of(INSTANT, INSTANT));
                }
                code.with(element);
            });

    private ClockAgent() {}

    /** Entry of {@code -javaagent:<jar>=<offset file>}; a clock that cannot be moved stops the start. */
    public static void premain(String offsetFile, Instrumentation instrumentation)
            throws IOException, UnmodifiableClassException {
        Map<Class<?>, ClassTransform> transforms = Map.of(
                Clock.class,
                SHIFT_INSTANT,
                Clock.systemUTC().getClass(),
                SHIFT_MILLIS,
                InstantSource.system().getClass(),
                SHIFT_MILLIS,
                java.util.Date.class,
                SHIFT_MILLIS);
        instrumentation.addTransformer(new Rewriter(transforms), true);
        instrumentation.retransformClasses(transforms.keySet().toArray(Class[]::new));

        requireMoved();
        ShiftedClock.follow(ShiftedClock.map(Path.of(offsetFile)));
    }

    /** A transformer's failure is swallowed by the JVM, so the effect is looked at. */
    private static void requireMoved() {
        long probe = 1_000_000;
        ByteBuffer ahead = ByteBuffer.allocateDirect(Long.BYTES);
        ShiftedClock.write(ahead, probe);
        ShiftedClock.follow(ahead);
        long real = System.currentTimeMillis() / 1000;
        for (long read : new long[] {
            Instant.now().getEpochSecond(),
            Clock.systemUTC().millis() / 1000,
            InstantSource.system().millis() / 1000,
            new java.util.Date().getTime() / 1000
        }) {
            if (read < real + probe) {
                throw new IllegalStateException("the clock of this JVM could not be moved");
            }
        }
    }

    record Rewriter(Map<Class<?>, ClassTransform> transforms) implements ClassFileTransformer {
        @Override
        public byte[] transform(
                Module module,
                ClassLoader loader,
                String name,
                Class<?> redefined,
                ProtectionDomain domain,
                byte[] bytes) {
            ClassTransform transform = redefined == null ? null : transforms.get(redefined);
            if (transform == null) {
                return null;
            }
            ClassFile classFile = ClassFile.of();
            return classFile.transformClass(classFile.parse(bytes), transform);
        }
    }
}
