using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace SecureVault.Tests.Architecture;

/// <summary>Every type that a compiled type names: bases, fields, signatures, attributes, locals, caught exceptions and what its code calls (ECMA-335, II and III).</summary>
internal static class NamedTypes
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => unchecked((ushort)c.Value));

    /// <summary>The methods and constructors that a type's own code calls, or takes the address of.</summary>
    public static IEnumerable<MethodBase> Called(Type type) =>
        from method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
        where method.GetMethodBody() is not null
        from token in Tokens(method.GetMethodBody()!.GetILAsByteArray()!)
        let called = Member(method, token) as MethodBase
        where called is not null
        select called;

    /// <summary>The outermost of the types that a nested one stands in.</summary>
    public static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    /// <summary>May name a type more than once, and types of other assemblies.</summary>
    public static IEnumerable<Type> Of(Type type)
    {
        IEnumerable<Type?> own = [type.BaseType, .. type.GetInterfaces(), .. type.GetGenericArguments().SelectMany(Constraints)];
        return own.OfType<Type>()
            .Concat(Attributes(type))
            .Concat(type.GetGenericArguments().Where(a => a.IsGenericParameter).SelectMany(Attributes))
            .Concat(type.GetEvents(Declared).SelectMany(e => Attributes(e).Append(e.EventHandlerType!)))
            .Concat(type.GetFields(Declared).SelectMany(f => Attributes(f).Append(f.FieldType)))
            .Concat(type.GetProperties(Declared).SelectMany(p => Attributes(p).Append(p.PropertyType)))
            .Concat(type.GetConstructors(Declared).SelectMany(Of))
            .Concat(type.GetMethods(Declared).SelectMany(m => Of(m).Append(m.ReturnType).Concat(Attributes(m.ReturnParameter)).Concat(m.GetGenericArguments().SelectMany(a => Constraints(a).Concat(Attributes(a))))))
            .SelectMany(Parts);
    }

    private static IEnumerable<Type> Of(MethodBase method)
    {
        IEnumerable<Type> named = Attributes(method).Concat(method.GetParameters().SelectMany(p => Attributes(p).Append(p.ParameterType)));
        MethodBody? body = method.GetMethodBody();
        return body is null ? named : named
            .Concat(body.LocalVariables.Select(v => v.LocalType))
            .Concat(body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType).OfType<Type>())
            .Concat(Tokens(body.GetILAsByteArray()!).SelectMany(t => Resolve(method, t)));
    }

    private static MemberInfo? Member(MethodBase method, int token)
    {
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, typeArguments, methodArguments);
    }

    private static IEnumerable<Type> Resolve(MethodBase method, int token) => Member(method, token) switch
    {
        Type named => [named],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo called => [.. Owner(called), called.ReturnType, .. called.GetGenericArguments(), .. called.GetParameters().Select(p => p.ParameterType)],
        MethodBase called => [.. Owner(called), .. called.GetParameters().Select(p => p.ParameterType)],
        _ => [],
    };

    private static IEnumerable<Type> Owner(MethodBase called) => called.DeclaringType is { } type ? [type] : [];

    /// <summary>The metadata tokens in a method's code, those of strings and bare signatures left out.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            value = value == 0xFE ? (ushort)(value << 8 | code[at++]) : value;
            OperandType operand = Codes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Constraints(Type argument) => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(Of);

    private static IEnumerable<Type> Attributes(ParameterInfo parameter) => parameter.GetCustomAttributesData().SelectMany(Of);

    private static IEnumerable<Type> Of(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(a => a.TypedValue)).SelectMany(Of).Append(attribute.AttributeType);

    private static IEnumerable<Type> Of(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        Type named => [argument.ArgumentType, named],
        IEnumerable<CustomAttributeTypedArgument> several => several.SelectMany(Of).Append(argument.ArgumentType),
        _ => [argument.ArgumentType],
    };

    /// <summary>A type without its array, pointer and reference marks, and what it is generic over; the outermost of nested ones.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        while (type.HasElementType)
        {
            type = type.GetElementType()!;
        }

        if (type.IsFunctionPointer)
        {
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts);
        }

        IEnumerable<Type> arguments = type.IsGenericType ? type.GetGenericArguments().Where(a => !a.IsGenericParameter).SelectMany(Parts) : [];
        return type.IsGenericParameter ? arguments : arguments.Append(Outermost(type));
    }
}
