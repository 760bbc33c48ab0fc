using Emu.Editing.Plans;

namespace Emu.Editing.Operations;

/// <summary>Which operator does which operation.</summary>
internal sealed class EditOperators
{
    private readonly Dictionary<Type, Func<EditContext, EditOperation, CancellationToken, Task<EditResult>>> _operators = [];

    /// <summary>All there are.</summary>
    public static EditOperators All { get; } = new();

    /// <summary>Adds an operator.</summary>
    public EditOperators Add<TOperation>(IEditOperator<TOperation> editor)
        where TOperation : EditOperation
    {
        _operators.Add(typeof(TOperation), (context, operation, cancellationToken) => editor.ApplyAsync(context, (TOperation)operation, cancellationToken));
        return this;
    }

    /// <summary>Applies an operation.</summary>
    /// <exception cref="EditException">It cannot be done.</exception>
    public Task<EditResult> ApplyAsync(EditContext context, EditOperation operation, CancellationToken cancellationToken) =>
        _operators.TryGetValue(operation.GetType(), out var apply)
            ? apply(context, operation, cancellationToken)
            : throw new EditException($"'{operation.GetType().Name}' cannot be done here.");
}
